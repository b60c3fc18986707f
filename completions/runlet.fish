# fish completion of runlet: the program itself prints what fits its options.
runlet completion fish | source
