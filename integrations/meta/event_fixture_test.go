package meta

// whatsAppEvents is what each WhatsApp fixture means in our words, one line per
// update; times count from 1794200000. The sixty statuses have a check of their own.
var whatsAppEvents = map[string][]string{
	"whatsapp_account_update_disabled": {
		"ignored: field",
	},
	"whatsapp_account_update_partner_added": {
		"ignored: field",
	},
	"whatsapp_account_update_partner_app_uninstalled": {
		"ignored: field",
	},
	"whatsapp_account_update_restriction": {
		"ignored: field",
	},
	"whatsapp_audio": {
		"audio +0 [audio 3329568068672936 audio/mpeg ] +content from Tomás Rivera bsuid=US.51820394756610293841 wa_phone=+12025550163",
	},
	"whatsapp_batch_messages_and_statuses": {
		"text +0 \"one\" from Noor Haddad bsuid=US.40182736455102938477 wa_phone=+12025550147",
		"text +0 \"two\" from Noor Haddad bsuid=US.40182736455102938477 wa_phone=+12025550147",
		"status +1 delivered",
	},
	"whatsapp_batch_two_tenants": {
		"text +0 \"for Kavaleri\" from Noor Haddad bsuid=US.40182736455102938477 wa_phone=+12025550147",
		"text +1 \"for Lantern\" from Noor Haddad bsuid=US.40182736455102938477 wa_phone=+12025550147",
	},
	"whatsapp_button": {
		"interactive +0 \"Stop promotions\" reply +content from Noor Haddad bsuid=US.40182736455102938477 wa_phone=+12025550147",
	},
	"whatsapp_contacts": {
		"contacts +0 +content from Noor Haddad bsuid=US.40182736455102938477 wa_phone=+12025550147",
	},
	"whatsapp_dashboard_test": {
		"ignored: dashboard_test",
	},
	"whatsapp_document": {
		"document +0 \"Invoice question\" [document 1042300114328071 application/pdf faktura 2026-114 (åben).pdf] +content from Ines Dahl bsuid=DK.60293847561029384756 wa_phone=+4520550119",
	},
	"whatsapp_duplicate_message_id": {
		"text +0 \"Twice?\" from Noor Haddad bsuid=US.40182736455102938477 wa_phone=+12025550147",
		"text +0 \"Twice?\" from Noor Haddad bsuid=US.40182736455102938477 wa_phone=+12025550147",
	},
	"whatsapp_edit": {
		"ignored: edit",
	},
	"whatsapp_empty_entry": {},
	"whatsapp_entry_missing_id": {
		"text +0 \"entry has no id\" from Noor Haddad bsuid=US.40182736455102938477 wa_phone=+12025550147",
	},
	"whatsapp_image": {
		"image +0 \"This is how the bag arrived\" [image 1926739301054866 image/jpeg ] +content from Noor Haddad bsuid=US.40182736455102938477 wa_phone=+12025550147",
	},
	"whatsapp_image_minimal": {
		"image +0 [image 3704251535415734 image/jpeg ] +content from Noor Haddad bsuid=US.40182736455102938477 wa_phone=+12025550147",
	},
	"whatsapp_interactive_button_reply": {
		"interactive +0 \"10:00\" reply +content from Noor Haddad bsuid=US.40182736455102938477 wa_phone=+12025550147",
	},
	"whatsapp_interactive_list_reply": {
		"interactive +0 \"Light roast\" reply +content from Tomás Rivera bsuid=US.51820394756610293841 wa_phone=+12025550163",
	},
	"whatsapp_interactive_nfm_reply": {
		"interactive +0 \"Sent\" reply +content from Ines Dahl bsuid=DK.60293847561029384756 wa_phone=+4520550119",
	},
	"whatsapp_location": {
		"location +0 +content from Tomás Rivera bsuid=US.51820394756610293841 wa_phone=+12025550163",
	},
	"whatsapp_missing_optional_fields": {
		"text +0 \"no contacts, no display number\" from wa_phone=+12025550147",
	},
	"whatsapp_order": {
		"order +0 \"Gift wrap please\" +content from Tomás Rivera bsuid=US.51820394756610293841 wa_phone=+12025550163",
	},
	"whatsapp_phone_number_quality_update": {
		"ignored: field",
	},
	"whatsapp_product_inquiry": {
		"text +0 \"Is this still available?\" reply from Ines Dahl bsuid=DK.60293847561029384756 wa_phone=+4520550119",
	},
	"whatsapp_reaction": {
		"reaction +0 \"👍\" from Noor Haddad bsuid=US.40182736455102938477 wa_phone=+12025550147",
	},
	"whatsapp_reaction_removed": {
		"reaction +60 \"\" from Noor Haddad bsuid=US.40182736455102938477 wa_phone=+12025550147",
	},
	"whatsapp_referral_ctwa": {
		"text +0 \"Hi, I saw your ad. How do subscriptions work?\" from Tomás Rivera bsuid=US.51820394756610293841 wa_phone=+12025550163",
	},
	"whatsapp_revoke": {
		"ignored: revoke",
	},
	"whatsapp_smb_message_echo": {
		"ignored: field",
	},
	"whatsapp_status_delivered": {
		"status +2 delivered",
	},
	"whatsapp_status_delivered_bsuid_only": {
		"status +9 delivered",
	},
	"whatsapp_status_failed_130472": {
		"status +3 failed 130472",
	},
	"whatsapp_status_failed_131000": {
		"status +3 failed 131000",
	},
	"whatsapp_status_failed_131026": {
		"status +3 failed 131026",
	},
	"whatsapp_status_failed_131047": {
		"status +3 failed 131047",
	},
	"whatsapp_status_failed_131049": {
		"status +3 failed 131049",
	},
	"whatsapp_status_failed_131053": {
		"status +3 failed 131053",
	},
	"whatsapp_status_opaque_callback": {
		"status +0 delivered for msg:01JC8Z0S8X;tenant:A",
	},
	"whatsapp_status_out_of_order": {
		"status +30 read",
		"status +1 sent",
		"status +2 delivered",
	},
	"whatsapp_status_played": {
		"status +55 played",
	},
	"whatsapp_status_read": {
		"status +40 read",
	},
	"whatsapp_status_sent": {
		"status +0 sent",
	},
	"whatsapp_status_sent_legacy_conversation": {
		"status +0 sent",
	},
	"whatsapp_sticker": {
		"sticker +0 [sticker 968058612126370 image/webp ] +content from Noor Haddad bsuid=US.40182736455102938477 wa_phone=+12025550147",
	},
	"whatsapp_system_user_changed_number": {
		"ignored: system",
	},
	"whatsapp_system_user_changed_user_id": {
		"ignored: system",
	},
	"whatsapp_template_quality_update": {
		"ignored: field",
	},
	"whatsapp_template_status_approved": {
		"ignored: field",
	},
	"whatsapp_template_status_paused": {
		"ignored: field",
	},
	"whatsapp_template_status_rejected": {
		"ignored: field",
	},
	"whatsapp_text": {
		"text +0 \"Hej! Is the Ethiopian filter roast back in stock?\" from Noor Haddad bsuid=US.40182736455102938477 wa_phone=+12025550147",
	},
	"whatsapp_text_4096": {
		"text +0 4096 bytes from Noor Haddad bsuid=US.40182736455102938477 wa_phone=+12025550147",
	},
	"whatsapp_text_bsuid_only": {
		"text +5 \"Can I book a cupping for six people?\" from Mira K.@mirakoskinen bsuid=FI.71029384756102938475",
	},
	"whatsapp_text_emoji_rtl_zwj": {
		"text +0 81 bytes from נור \u200fחדאד bsuid=US.40182736455102938477 wa_phone=+12025550147",
	},
	"whatsapp_text_forwarded": {
		"text +0 \"Coffee festival, Saturday 10\\u201316, main square\" forwarded from Tomás Rivera bsuid=US.51820394756610293841 wa_phone=+12025550163",
	},
	"whatsapp_text_nul_char": {
		"text +0 \"beforeafter\" from Noor Haddad bsuid=US.40182736455102938477 wa_phone=+12025550147",
	},
	"whatsapp_text_reply_context": {
		"text +0 \"The second one, please\" reply from Noor Haddad bsuid=US.40182736455102938477 wa_phone=+12025550147",
	},
	"whatsapp_text_username_with_phone": {
		"text +0 \"Do you deliver to 20009?\" from Tomás Rivera@tomasr bsuid=US.51820394756610293841 wa_phone=+12025550163",
	},
	"whatsapp_unknown_field": {
		"ignored: field",
	},
	"whatsapp_unknown_message_type": {
		"unsupported +0(hologram) +content from Noor Haddad bsuid=US.40182736455102938477 wa_phone=+12025550147",
	},
	"whatsapp_unknown_phone_number_id": {
		"text +0 \"to nobody\" from Noor Haddad bsuid=US.40182736455102938477 wa_phone=+12025550147",
	},
	"whatsapp_unsupported_131051": {
		"unsupported +0(poll_creation) +content from Noor Haddad bsuid=US.40182736455102938477 wa_phone=+12025550147",
	},
	"whatsapp_user_id_update": {
		"ignored: field",
	},
	"whatsapp_user_preferences_stop": {
		"ignored: field",
	},
	"whatsapp_value_errors": {
		"unsupported +0(interactive) reply from Noor Haddad bsuid=US.40182736455102938477 wa_phone=+12025550147",
		"ignored: channel_error",
	},
	"whatsapp_video": {
		"video +0 \"grinder noise\" [video 2347933133545282 video/mp4 ] +content from Tomás Rivera bsuid=US.51820394756610293841 wa_phone=+12025550163",
	},
	"whatsapp_voice": {
		"voice +0 [voice 461716893062928 audio/ogg; codecs=opus ] +content from Noor Haddad bsuid=US.40182736455102938477 wa_phone=+12025550147",
	},
	"whatsapp_waba_known_number_unknown": {
		"text +0 \"new number added in WhatsApp Manager\" from Noor Haddad bsuid=US.40182736455102938477 wa_phone=+12025550147",
	},
}
