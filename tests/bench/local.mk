# tests of kind bench
