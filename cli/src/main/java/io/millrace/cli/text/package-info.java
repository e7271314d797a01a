/// What people see: tables, lines, colours, and JSON read and written.
@NullMarked
package io.millrace.cli.text;

import org.jspecify.annotations.NullMarked;
