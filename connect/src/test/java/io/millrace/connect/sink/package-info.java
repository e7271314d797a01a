@NullMarked
package io.millrace.connect.sink;

import org.jspecify.annotations.NullMarked;
