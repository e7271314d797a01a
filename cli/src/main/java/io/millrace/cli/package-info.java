/// The `millrace` command: one class per subcommand, over the HTTP API only.
@NullMarked
package io.millrace.cli;

import org.jspecify.annotations.NullMarked;
