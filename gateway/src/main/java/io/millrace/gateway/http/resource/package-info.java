/// Resources of every kind.
@NullMarked
package io.millrace.gateway.http.resource;

import org.jspecify.annotations.NullMarked;
