// Package settings knows how cells can be built and run: the names of the settings
// of %flags, what values they take and how the text of such values is read. It
// changes nothing itself.
package settings
