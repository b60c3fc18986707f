# tests of kind fuzz
