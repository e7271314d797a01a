/// What is read from requests and written into answers, without sockets: heads, targets,
/// parameters, problems, events as JSON.
@NullMarked
package io.millrace.gateway.http.message;

import org.jspecify.annotations.NullMarked;
