@NullMarked
package io.millrace.letter;

import org.jspecify.annotations.NullMarked;
