@NullMarked
package io.millrace.broker.view;

import org.jspecify.annotations.NullMarked;
