package domain

import "strings"

// SafeCell is a text as a cell of a CSV file: one that a spreadsheet would take for a
// formula gets an apostrophe, which spreadsheets hide and PlainCell takes away. The
// letters are those of OWASP's "CSV Injection", with their full-width forms.
func SafeCell(text string) string {
	if formula(text) {
		return "'" + text
	}
	return text
}

// PlainCell is the text SafeCell was given.
func PlainCell(cell string) string {
	if rest, ok := strings.CutPrefix(cell, "'"); ok && formula(rest) {
		return rest
	}
	return cell
}

// formula includes a leading apostrophe before such a letter, so that what SafeCell
// made is never mistaken for what was there before.
func formula(text string) bool {
	rest := strings.TrimLeft(text, "'")
	return rest != "" && strings.ContainsAny(rest[:firstRune(rest)], "=+-@\t\r\n＝＋－＠")
}

func firstRune(text string) int {
	for i := range text {
		if i > 0 {
			return i
		}
	}
	return len(text)
}
