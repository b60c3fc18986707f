/*
 * systemd/image.S - the systemd program, stripped, as bytes of runlet: systemd_image_start up to systemd_image_end.
 *
 * In pages of its own, so that a runlet that doesn't use it doesn't have them read.
 */
	.section .systemd_image, "a", %progbits
	.global systemd_image_start
	.global systemd_image_end
	.balign 4096
systemd_image_start:
	.incbin "runlet-systemd.bin"
systemd_image_end:
	.byte 0

	.section .note.GNU-stack,"",%progbits
