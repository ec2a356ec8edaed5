package simulator

// Subjects a line can have.
const (
	Coffee = "coffee"
	Bikes  = "bikes"
)

// persona is an invented customer. A topic is what they say, one line per answer they
// get; a photo is the caption of a picture they may send in between.
type persona struct {
	name, username, phone string
	photo                 string
	impatient             string // when nobody answers
	topics                [][]string
}

// personasOf returns the customers of a line. The names and numbers belong to nobody.
func personasOf(subject string) []persona {
	if subject == Bikes {
		return bikeRiders()
	}
	return coffeeDrinkers()
}

func coffeeDrinkers() []persona {
	return []persona{
		{name: "Amina Wekesa", phone: "12025550110", photo: "This is the grinder, can you see the burrs?", impatient: "No rush, just let me know.", topics: [][]string{
			{"Hi! Is the Ethiopian filter roast back in stock?", "Great. Can you keep two bags for me until Saturday?", "Perfect, the name is Amina.", "Thank you so much"},
			{"Quick one: what grind do you suggest for a V60?", "And the water, just off the boil?", "Brilliant, I will try that tomorrow."}}},
		{name: "Juma Barasa", phone: "12025550112", impatient: "Mko wazi leo?", topics: [][]string{
			{"Habari! Mnauza kahawa ya Nyeri kwa kilo?", "Bei yake ni ngapi?", "Sawa, nitakuja kesho asubuhi.", "Asante sana"},
			{"Samahani, je mnafungua saa ngapi Jumapili?", "Vizuri, tutaonana."}}},
		{name: "ليلى حداد", phone: "12025550113", impatient: "هل من أحد هناك؟", topics: [][]string{
			{"مرحبا، هل لديكم قهوة منزوعة الكافيين؟", "كم سعر الكيس الصغير؟", "ممتاز، سأطلب كيسين من فضلك.", "شكرا جزيلا"},
			{"صباح الخير، هل التوصيل متاح يوم الجمعة؟", "بعد الظهر يناسبني.", "شكرا لكم"}}},
		{name: "Tomas Lindqvist", username: "@tomasbrews", phone: "12025550114", photo: "The bag arrived like this", impatient: "Hello, anyone there?", topics: [][]string{
			{"My subscription parcel came today and one bag was open", "Order KC-2291, the one from Monday.", "A new bag would be perfect, thanks.", "You are the best"},
			{"Could I pause my subscription for two weeks?", "From the 14th please.", "Thanks, enjoy the quiet!"}}},
		{name: "Grace Njoroge", phone: "12025550115", impatient: "Still hoping for an answer :)", topics: [][]string{
			{"Do you do a cupping for a group of six?", "Next Thursday evening, around six?", "Two of us drink oat milk only, is that fine?", "Lovely, please book us in."}}},
		{name: "Peter Okello", phone: "12025550116", photo: "Error 7, every time I switch it on", impatient: "The queue here is getting long…", topics: [][]string{
			{"The machine we rent from you shows error 7", "Yes, I have descaled it last week.", "It is the two group one, at the office on Mill Road.", "Ok, we wait for the technician. Thanks"}}},
		{name: "Neema Kimaro", phone: "12025550117", impatient: "Bado nasubiri jibu, asante.", topics: [][]string{
			{"Habari za leo, oda yangu imefika wapi?", "Namba ni KC-2304.", "Ahsante kwa msaada."},
			{"Naweza kulipa kwa simu?", "Vizuri, natuma sasa hivi."}}},
		{name: "Oliver Strand", phone: "12025550118", impatient: "Ping?", topics: [][]string{
			{"Hi, can I get an invoice for last month?", "To Strand & Sons, same address as always.", "Got it, thanks!"},
			{"We need 12 kg of the house blend for an event", "The 22nd, delivered before 8 in the morning.", "Whole beans please.", "Cheers"}}},
		{name: "سامي نجار", phone: "12025550119", photo: "هذه صورة الطلب", impatient: "أنا بانتظار الرد", topics: [][]string{
			{"السلام عليكم، وصلني طلب خاطئ", "طلبت تحميصا فاتحا ووصل داكن.", "نعم، الاستبدال مناسب.", "بارك الله فيكم"}}},
		{name: "Ines Dahl", phone: "12025550120", impatient: "Sorry to ask twice.", topics: [][]string{
			{"Is there anything nut free on the cake shelf today?", "And the banana bread?", "Then a slice of that please, I come at three."}}},
		{name: "Brian Mutai", username: "@bmutai", phone: "12025550121", impatient: "??", topics: [][]string{
			{"I was charged twice for my flat white this morning", "Card ending 4410, at 8:12.", "No problem, thanks for sorting it out"},
			{"Do you still give the discount for own cups?", "Nice."}}},
		{name: "Mira Koskinen", phone: "12025550122", impatient: "Maybe I should just come by.", topics: [][]string{
			{"Do you hire baristas at the moment?", "Two years, mostly espresso, some latte art.", "I send my papers tonight. Thank you!"}}},
	}
}

func bikeRiders() []persona {
	return []persona{
		{name: "Daniel Achieng", phone: "12025550130", photo: "The chain looks like this after 800 km", impatient: "Is the workshop open today?", topics: [][]string{
			{"Hi, my gears jump under load since last week", "It is a 2x10, about two years old.", "Thursday morning works for me.", "Great, see you then"},
			{"How long does a full service take these days?", "Fine, I leave it with you on Monday."}}},
		{name: "Zawadi Mwakio", phone: "12025550131", impatient: "Bado nipo.", topics: [][]string{
			{"Habari, mna baiskeli ya mtoto wa miaka sita?", "Rangi ya bluu ipo?", "Naomba muiweke hadi Ijumaa.", "Asante!"}}},
		{name: "كريم منصور", phone: "12025550132", photo: "هذا هو الإطار", impatient: "هل استلمتم رسالتي؟", topics: [][]string{
			{"مرحبا، عندي ثقب في الإطار الخلفي، هل يمكن إصلاحه اليوم؟", "مقاس 28 بوصة.", "سأكون عندكم بعد ساعة.", "شكرا"},
			{"هل تبيعون خوذات للأطفال؟", "مقاس صغير من فضلك.", "ممتاز"}}},
		{name: "Hanna Berg", phone: "12025550133", impatient: "Any news?", topics: [][]string{
			{"Is my cargo bike ready? Ticket LB-871", "Oh, what is wrong with the brake?", "Yes, please change both pads.", "Thanks, I pick it up at five"}}},
		{name: "Samuel Otieno", username: "@sam_rides", phone: "12025550134", photo: "Crack near the bottom bracket", impatient: "Sorry, a bit worried here.", topics: [][]string{
			{"I think my frame has a crack, can you look at it?", "Aluminium, bought from you in March.", "So it is under warranty?", "Phew. Thank you!"}}},
		{name: "Lucy Wambui", phone: "12025550135", impatient: "Hello?", topics: [][]string{
			{"Do you rent e-bikes for a weekend?", "Two of them, from Friday evening.", "And a child seat if there is one.", "Booked? Wonderful"},
			{"What does a test ride cost?", "Even better :)"}}},
		{name: "Musa Juma", phone: "12025550136", impatient: "Naomba jibu tafadhali.", topics: [][]string{
			{"Taa ya mbele haiwaki, naweza kuileta leo?", "Ni modeli ya mwaka jana.", "Sawa, nakuja saa kumi."}}},
		{name: "Freya Nordin", phone: "12025550137", impatient: "I can also call if that is easier.", topics: [][]string{
			{"My battery gives me 20 km instead of 60", "It is the 500 Wh one, three winters old.", "What would a new one cost?", "Let me sleep on it, thanks"}}},
		{name: "نادية صالح", phone: "12025550138", impatient: "أرجو الرد عند الإمكان", topics: [][]string{
			{"صباح الخير، متى يصل الطلب LB-902؟", "حسنا، هل يمكن تغيير العنوان؟", "شارع الميناء رقم 14.", "شكرا لكم"}}},
		{name: "Kofi Larbi", phone: "12025550139", photo: "Someone cut this one last night", impatient: "Sigh.", topics: [][]string{
			{"My lock was cut. Which one would you trust outside a station?", "And something for the front wheel?", "Ok, keep me both please.", "Cheers"}}},
		{name: "Elena Rossi", phone: "12025550140", impatient: "Just checking in.", topics: [][]string{
			{"Do you fit dynamo lights on a steel tourer?", "700c, 36 spokes, disc brakes.", "Two weeks is fine.", "Thank you, very clear"},
			{"Is the Sunday ride on even if it rains?", "Brave. Count me in."}}},
		{name: "Ben Carver", phone: "12025550141", impatient: "Anyone?", topics: [][]string{
			{"I got an invoice for a helmet I returned", "Invoice 5518, returned on the 3rd.", "That was quick, thank you"}}},
	}
}
