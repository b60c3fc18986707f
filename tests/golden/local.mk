# tests of kind golden
