/// Views: keyed tables on disk that can be read, scanned and followed while they change.
@NullMarked
package io.millrace.view;

import org.jspecify.annotations.NullMarked;
