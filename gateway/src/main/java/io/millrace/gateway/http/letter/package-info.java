/// Dead letters: searched, sent again, discarded.
@NullMarked
package io.millrace.gateway.http.letter;

import org.jspecify.annotations.NullMarked;
