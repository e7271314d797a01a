/// Who asks, and whether they may.
@NullMarked
package io.millrace.security;

import org.jspecify.annotations.NullMarked;
