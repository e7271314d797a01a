/// `millrace replay`: rows of a file become events, resumably.
@NullMarked
package io.millrace.cli.replay;

import org.jspecify.annotations.NullMarked;
