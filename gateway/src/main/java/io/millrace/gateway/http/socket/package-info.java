/// WebSockets that speak protocols of their own: CloudEvents both ways, and what others bring
/// along.
@NullMarked
package io.millrace.gateway.http.socket;

import org.jspecify.annotations.NullMarked;
