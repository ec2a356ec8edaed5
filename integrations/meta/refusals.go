package meta

import (
	"strings"
	"time"
)

// refusals is the catalogue: every code Meta documents for sending, as code or
// code/subcode. It is only read.
var refusals = index([]refusal{
	// The token is dead.
	{code: "0 102 190", reaction: signIn, retryable: true,
		title:  "The channel is signed out",
		detail: "Ask an administrator to connect the channel again; the message goes out after that."},
	{code: "190/458", reaction: signIn, retryable: true,
		title:  "Our app was removed from the account",
		detail: "Ask an administrator to connect the channel again; the message goes out after that."},
	{code: "190/460", reaction: signIn, retryable: true,
		title:  "The channel was signed out by a new password",
		detail: "Ask an administrator to connect the channel again; the message goes out after that."},
	{code: "190/463", reaction: signIn, retryable: true,
		title:  "The channel's sign-in has run out",
		detail: "Ask an administrator to connect the channel again; the message goes out after that."},
	{code: "190/459 190/464", reaction: signIn, retryable: true,
		title:  "Meta wants the account's owner to confirm who they are",
		detail: "Ask an administrator to sign in at facebook.com, then to connect the channel again."},
	{code: "190/467", reaction: signIn, retryable: true,
		title:  "The channel's sign-in is no longer valid",
		detail: "Ask an administrator to connect the channel again; the message goes out after that."},
	{code: "190/492", reaction: signIn, retryable: true,
		title:  "The person who connected the channel lost their role on it",
		detail: "Ask an administrator to connect the channel again; the message goes out after that."},

	// A permission is missing.
	{code: "3 10 131005", reaction: signIn, retryable: true,
		title:  "The channel is missing a permission",
		detail: "Ask an administrator to connect the channel again and to grant every permission asked for."},

	// The window is closed.
	{code: "131047 10/2018278 10/2534022",
		title:  "More than 24 hours since the last customer message",
		detail: "Send a template"},

	// The recipient cannot be reached.
	{code: "131026",
		title:  "This person cannot be reached on WhatsApp",
		detail: "Check the number, or try another way: they may not use WhatsApp, or not its current version."},
	{code: "551 200/1545041",
		title:  "This person is not available right now",
		detail: "They may have blocked the account or left. Try another way."},
	{code: "100/2018001",
		title:  "Nobody was found behind this address",
		detail: "The conversation's address is no longer valid. Try another way."},
	{code: "130403",
		title:  "This person is blocked on this number",
		detail: "Unblock them in WhatsApp before writing."},
	{code: "131050",
		title:  "This person opted out of marketing messages",
		detail: "Do not send marketing to them; an answer to their own message is still possible."},
	{code: "10/2018108",
		title:  "This person does not receive messages from the account",
		detail: "Wait until they write again."},
	{code: "131030", retryable: true,
		title:  "A test number may write to its own list only",
		detail: "Add the recipient to the test number's list in the App Dashboard."},

	// A limit of Meta's.
	{code: "4 17 32 341 613 80001 80002 80006 80007 80008", reaction: later, retryable: true,
		title:  "Meta asks us to slow down",
		detail: "It is sent again by itself when Meta's limit allows."},
	{code: "130429", reaction: later, retryable: true,
		title:  "This number sends more than WhatsApp allows per second",
		detail: "It is sent again by itself when Meta's limit allows."},
	{code: "131056", reaction: later, retryable: true, after: 6 * time.Second,
		title:  "Too many messages to this person in a short time",
		detail: "It is sent again by itself when Meta's limit allows."},
	{code: "133016", reaction: later, retryable: true,
		title:  "Too many attempts to register this number",
		detail: "Wait a few hours before trying again."},
	{code: "131064", reaction: later, retryable: true,
		title:  "This account has reached its messaging limit",
		detail: "Messages go out again when Meta lifts the limit. An administrator sees why in WhatsApp Manager."},

	// Meta stopped the account, the number or this kind of message.
	{code: "368 131031", retryable: true,
		title:  "Meta has locked this account",
		detail: "An administrator finds the reason and the appeal in Meta's Business Support."},
	{code: "131048", retryable: true,
		title:  "Meta limits this number because people reported its messages",
		detail: "Answer customers only; ask an administrator to look at the number's quality."},
	{code: "130497",
		title:  "This account may not write to people in that country",
		detail: "Try another way to reach them."},
	{code: "131049",
		title:  "WhatsApp held this message back to keep people engaged",
		detail: "Do not send it again within 24 hours."},
	{code: "130472",
		title:  "This person is in an experiment of Meta's and gets no marketing messages",
		detail: "Do not send it again. An answer to their own message is still possible."},

	// Meta's own trouble.
	{code: "1 2 131000 131016", reaction: later, retryable: true,
		title:  "WhatsApp is having trouble",
		detail: "It is sent again by itself. Nothing is to be done."},
	{code: "131057", reaction: later, retryable: true, after: time.Minute,
		title:  "WhatsApp is upgrading this number",
		detail: "It is sent again by itself. Nothing is to be done."},
	{code: "133004 135000", reaction: later, retryable: true,
		title:  "WhatsApp is not available right now",
		detail: "It is sent again by itself. Nothing is to be done."},

	// This message can never go.
	{code: "100 131009",
		title:  "WhatsApp did not accept a part of this message",
		detail: "Sending it again will not help. Give this code to an administrator."},
	{code: "33 100/33", retryable: true,
		title:  "Meta does not know this number, or it is not ours any more",
		detail: "Ask an administrator to check the channel."},
	{code: "131008",
		title:  "A part of this message was missing",
		detail: "Sending it again will not help. Give this code to an administrator."},
	{code: "131021",
		title:  "A number cannot write to itself",
		detail: "Choose another recipient."},
	{code: "131051",
		title:  "WhatsApp does not know this kind of message",
		detail: "Sending it again will not help. Give this code to an administrator."},
	{code: "131052",
		title:  "The customer's file could not be fetched",
		detail: "Ask them to send it again."},
	{code: "131053 100/2018047",
		title:  "WhatsApp could not use the attached file",
		detail: "Send it in another format or size."},
	{code: "131062",
		title:  "This message needs the person's phone number",
		detail: "Ask them for it; a user name is not enough here."},

	// This template can never go.
	{code: "132000",
		title:  "The template got the wrong number of values",
		detail: "Choose another template, or ask an administrator to correct this one."},
	{code: "132001",
		title:  "The template does not exist in this language",
		detail: "Choose another template, or ask an administrator to correct this one."},
	{code: "132005",
		title:  "The template's text became too long",
		detail: "Choose another template, or ask an administrator to correct this one."},
	{code: "132007",
		title:  "The template breaks a rule of Meta's",
		detail: "Choose another template, or ask an administrator to correct this one."},
	{code: "132012",
		title:  "A value does not have the form the template wants",
		detail: "Choose another template, or ask an administrator to correct this one."},
	{code: "132015",
		title:  "Meta has paused this template for its quality",
		detail: "Choose another template, or ask an administrator to correct this one."},
	{code: "132016",
		title:  "Meta has switched this template off for its quality",
		detail: "Choose another template, or ask an administrator to correct this one."},
	{code: "132018",
		title:  "The template's values are not valid",
		detail: "Choose another template, or ask an administrator to correct this one."},
	{code: "132068 132069",
		title:  "The flow in this template is blocked or limited",
		detail: "Choose another template, or ask an administrator to correct this one."},
	{code: "131063",
		title:  "Marketing templates are switched off for this account",
		detail: "Choose another template, or ask an administrator to correct this one."},

	// Money and terms.
	{code: "131042", retryable: true,
		title:  "The account's payment method does not work",
		detail: "Ask an administrator to correct it in Meta's billing settings."},
	{code: "134011", retryable: true,
		title:  "Meta's terms for payments are not accepted",
		detail: "Ask an administrator to accept them in WhatsApp Manager."},

	// The number is not set up.
	{code: "131045 133010", retryable: true,
		title:  "This number is not registered with WhatsApp",
		detail: "Ask an administrator to finish setting up the number."},
	{code: "131037", retryable: true,
		title:  "The number's display name is not approved",
		detail: "Ask an administrator to have it approved."},
	{code: "133000", retryable: true,
		title:  "An earlier registration of this number did not finish",
		detail: "Ask an administrator to finish setting up the number."},
	{code: "133005", retryable: true,
		title:  "The number's PIN is wrong",
		detail: "Ask an administrator to enter the right one."},
	{code: "133006", retryable: true,
		title:  "The number must be verified first",
		detail: "Ask an administrator to finish setting up the number."},
	{code: "133008 133009", retryable: true,
		title:  "The number's PIN was tried too often",
		detail: "Wait before trying again."},
	{code: "133015", retryable: true,
		title:  "The number was removed a moment ago",
		detail: "Wait five minutes, then register it again."},
})

// index spreads lines that speak for several codes.
func index(lines []refusal) map[string]refusal {
	byCode := map[string]refusal{}
	for _, line := range lines {
		for code := range strings.FieldsSeq(line.code) {
			byCode[code] = line
		}
	}
	return byCode
}
