/// History, and the tree of contexts.
@NullMarked
package io.millrace.gateway.http.read;

import org.jspecify.annotations.NullMarked;
