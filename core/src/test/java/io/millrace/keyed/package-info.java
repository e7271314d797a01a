@NullMarked
package io.millrace.keyed;

import org.jspecify.annotations.NullMarked;
