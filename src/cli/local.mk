# bin_PROGRAMS += runlet
