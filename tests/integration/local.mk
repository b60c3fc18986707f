# tests of kind integration
