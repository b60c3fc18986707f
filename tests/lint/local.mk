# tests of kind lint
