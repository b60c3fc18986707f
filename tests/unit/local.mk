# tests of kind unit
