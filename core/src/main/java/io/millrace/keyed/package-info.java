/// Tables of keys and values that survive crashes: the latest record of each key in a compacted
/// log, and in memory only where it is.
@NullMarked
package io.millrace.keyed;

import org.jspecify.annotations.NullMarked;
