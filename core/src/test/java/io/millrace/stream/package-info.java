@NullMarked
package io.millrace.stream;

import org.jspecify.annotations.NullMarked;
