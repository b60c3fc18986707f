# The init program: static, without libc; its objects are compiled apart from the runtime's (see src/init/README in the head of init.c).
# It is embedded into runlet by src/runtime/init_image.S.
