@NullMarked
package io.millrace.dispatch;

import org.jspecify.annotations.NullMarked;
