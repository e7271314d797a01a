/// Requests that are answered on threads of their own: who answers what, with places for so many at
/// a time.
@NullMarked
package io.millrace.gateway.http.call;

import org.jspecify.annotations.NullMarked;
