/* SPDX-License-Identifier: Apache-2.0 */
/* A delegate that does nothing: what remains of a measurement when the work is taken away. */
int main(void)
{
	return 0;
}
