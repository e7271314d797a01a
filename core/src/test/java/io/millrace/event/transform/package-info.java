@NullMarked
package io.millrace.event.transform;

import org.jspecify.annotations.NullMarked;
