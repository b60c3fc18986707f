/*
 * runtime/init_image.S - the init program, stripped, as bytes of runlet: init_image_start up to init_image_end.
 *
 * Copied into a sealed memfd by the runtime process and never executed from here.
 */
/* The tests' runlet-fault has another one in it. */
#ifndef INIT_IMAGE_FILE
#define INIT_IMAGE_FILE "runlet-init.bin"
#endif

	.section .rodata
	.global init_image_start
	.global init_image_end
	.balign 16
init_image_start:
	.incbin INIT_IMAGE_FILE
init_image_end:
	.byte 0

	.section .note.GNU-stack,"",%progbits
