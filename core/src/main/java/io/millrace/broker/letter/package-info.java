/// How dead letters are found and sent again, some at a time.
@NullMarked
package io.millrace.broker.letter;

import org.jspecify.annotations.NullMarked;
