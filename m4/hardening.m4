dnl RUNLET_HARDENING - flags that make a fault in runlet harder to exploit, where compiler and linker know them.
dnl
dnl Sets HARDENING_CPPFLAGS, HARDENING_CFLAGS, HARDENING_LDFLAGS, and PIE_LDFLAGS or STATIC_LDFLAGS for the program.  Automake puts
dnl the user's CPPFLAGS, CFLAGS and LDFLAGS behind them, so that those win.  init has flags of its own (src/init/local.mk).

dnl RUNLET_TRY_FLAG(VARIABLE, FLAGS, PROGRAM): adds FLAGS to VARIABLE when PROGRAM compiles and links with them, and with no warning.
AC_DEFUN([RUNLET_TRY_FLAG],
  [AC_MSG_CHECKING([for $2])
   hardening_saved_CFLAGS=$CFLAGS
   CFLAGS="$CFLAGS -Werror $2"
   AC_LINK_IFELSE([$3], [$1="${$1:+$$1 }$2"; AC_MSG_RESULT([yes])], [AC_MSG_RESULT([no])])
   CFLAGS=$hardening_saved_CFLAGS])

AC_DEFUN([RUNLET_HARDENING],
  [AC_ARG_ENABLE([hardening], [AS_HELP_STRING([--disable-hardening], [without the flags that make faults harder to exploit])],
     [], [enable_hardening=yes])
   HARDENING_CPPFLAGS= HARDENING_CFLAGS= HARDENING_LDFLAGS= PIE_LDFLAGS= STATIC_LDFLAGS=-static
   AS_IF([test "x$enable_hardening" = xyes],
     [RUNLET_TRY_FLAG([HARDENING_CFLAGS], [-fstack-protector-strong], [AC_LANG_PROGRAM([], [])])
      RUNLET_TRY_FLAG([HARDENING_CFLAGS], [-fstack-clash-protection], [AC_LANG_PROGRAM([], [])])
      dnl Indirect branches and returns that the processor checks: x86's CET, aarch64's BTI and PAC.
      AS_CASE([$host_cpu],
        [x86_64], [RUNLET_TRY_FLAG([HARDENING_CFLAGS], [-fcf-protection=full], [AC_LANG_PROGRAM([], [])])],
        [aarch64], [RUNLET_TRY_FLAG([HARDENING_CFLAGS], [-mbranch-protection=standard], [AC_LANG_PROGRAM([], [])])])
      dnl A program without optimisation can't be fortified, and the sanitizers look at more than it does.
      AS_CASE([" $CPPFLAGS $CFLAGS $enable_sanitizers$enable_fuzzing"],
        [*_FORTIFY_SOURCE*|*" -O0"*|*yes*], [],
        [*" -O"*],
          [RUNLET_TRY_FLAG([HARDENING_CPPFLAGS], [-U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3], [AC_LANG_PROGRAM([[@%:@include <string.h>]], [])])
           AS_IF([test "x$HARDENING_CPPFLAGS" = x],
             [RUNLET_TRY_FLAG([HARDENING_CPPFLAGS], [-U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2], [AC_LANG_PROGRAM([[@%:@include <string.h>]], [])])])])
      RUNLET_TRY_FLAG([HARDENING_LDFLAGS], [-Wl,-z,relro], [AC_LANG_PROGRAM([], [])])
      RUNLET_TRY_FLAG([HARDENING_LDFLAGS], [-Wl,-z,now], [AC_LANG_PROGRAM([], [])])
      RUNLET_TRY_FLAG([HARDENING_LDFLAGS], [-Wl,-z,noexecstack], [AC_LANG_PROGRAM([], [])])
      RUNLET_TRY_FLAG([HARDENING_LDFLAGS], [-Wl,-z,separate-code], [AC_LANG_PROGRAM([], [])])
      RUNLET_TRY_FLAG([HARDENING_LDFLAGS], [-Wl,-z,text], [AC_LANG_PROGRAM([], [])])
      hardening_pie=
      RUNLET_TRY_FLAG([hardening_pie], [-fPIE -pie], [AC_LANG_PROGRAM([], [])])
      AS_IF([test "x$hardening_pie" != x],
        [HARDENING_CFLAGS="$HARDENING_CFLAGS -fPIE"
         hardening_static=
         RUNLET_TRY_FLAG([hardening_static], [-fPIE -static-pie], [AC_LANG_PROGRAM([], [])])
         dnl musl-gcc takes it, and makes a dynamic program.
         AS_IF([test "x$hardening_static" != x && test "x$have_glibc" = xyes], [STATIC_LDFLAGS=-static-pie])
         PIE_LDFLAGS=-pie])])
   AC_SUBST([enable_hardening])
   AC_SUBST([HARDENING_CPPFLAGS])
   AC_SUBST([HARDENING_CFLAGS])
   AC_SUBST([HARDENING_LDFLAGS])
   AC_SUBST([PIE_LDFLAGS])
   AC_SUBST([STATIC_LDFLAGS])])
