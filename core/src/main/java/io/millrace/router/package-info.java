/// Who wants an event: patterns over contexts, and the live readers behind them.
@NullMarked
package io.millrace.router;

import org.jspecify.annotations.NullMarked;
