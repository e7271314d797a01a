/// The dashboard, served as files.
@NullMarked
package io.millrace.gateway.http.page;

import org.jspecify.annotations.NullMarked;
