/// Views over HTTP: read by key, page by page, and followed.
@NullMarked
package io.millrace.gateway.http.view;

import org.jspecify.annotations.NullMarked;
