/// The catalogue of everything that can go wrong, shared by every protocol.
@NullMarked
package io.millrace.error;

import org.jspecify.annotations.NullMarked;
