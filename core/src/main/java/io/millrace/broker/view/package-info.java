/// The views that are set up: what feeds them, and the front door to them.
@NullMarked
package io.millrace.broker.view;

import org.jspecify.annotations.NullMarked;
