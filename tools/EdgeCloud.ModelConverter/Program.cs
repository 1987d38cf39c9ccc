File.Copy(args[0], args[1], overwrite: true);
return 0;
