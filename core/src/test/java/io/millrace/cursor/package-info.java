@NullMarked
package io.millrace.cursor;

import org.jspecify.annotations.NullMarked;
