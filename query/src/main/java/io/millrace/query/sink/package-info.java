/// Where results of queries go.
@NullMarked
package io.millrace.query.sink;

import org.jspecify.annotations.NullMarked;
