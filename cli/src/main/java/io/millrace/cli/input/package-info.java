/// Files and standard input, read in pieces and checked.
@NullMarked
package io.millrace.cli.input;

import org.jspecify.annotations.NullMarked;
