/// How fast views are read while they change.
@NullMarked
package io.millrace.bench.view;

import org.jspecify.annotations.NullMarked;
