/// Dead letters: what could not be delivered, whole and unchanged, with why, when, after how many
/// attempts, and from where.
@NullMarked
package io.millrace.letter;

import org.jspecify.annotations.NullMarked;
