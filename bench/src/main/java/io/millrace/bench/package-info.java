/// Benchmarks; README.md says how to run them.
@NullMarked
package io.millrace.bench;

import org.jspecify.annotations.NullMarked;
