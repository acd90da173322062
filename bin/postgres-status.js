#!/usr/bin/env node
import '../dist/postgres-status.cjs';
