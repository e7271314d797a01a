/// `POST /events`: the way that is walked thousands of times a second, on the event loop alone.
@NullMarked
package io.millrace.gateway.http.publish;

import org.jspecify.annotations.NullMarked;
