/** The {@code syncline} command: starts voters, and talks to them. */
package io.syncline.ops;
