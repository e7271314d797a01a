/// HTTP/1.1, HTTP/2, server-sent events and WebSocket (docs/reference/http-api.md).
@NullMarked
package io.millrace.gateway.http;

import org.jspecify.annotations.NullMarked;
